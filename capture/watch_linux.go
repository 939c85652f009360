package capture

import (
	"time"

	"golang.org/x/sys/unix"
)

// watched is an interface that was asked for.
type watched struct {
	name  string
	index int // the system's; 0 while there is none
	up    bool
}

// watch looks whether interfaces have gone or come back: a new one of the same name has
// another number. The kernel goes on by itself with one that was only down.
func (c *capturing) watch() {
	now := time.Now()
	if now.Sub(c.watchAt) < watchEvery {
		return
	}
	c.watchAt = now
	var notes []string
	for _, w := range c.links {
		if note := c.look(w); note != "" {
			notes = append(notes, note)
		}
	}
	if len(notes) > 0 && len(c.links) > 1 && !c.stopping.Load() {
		if err := c.filter(); err != nil { // which knows interfaces by their numbers
			notes = append(notes, err.Error())
		}
	}
	for _, note := range notes {
		c.note(note)
	}
}

// look takes up an interface that has come back. What has changed is told; "" is nothing.
func (c *capturing) look(w *watched) string {
	index, err := c.index(w.name)
	if err != nil {
		return ""
	}
	up := index != 0 && c.has(w.name, unix.IFF_UP)
	switch {
	case index == w.index && up == w.up:
		return ""
	case index == w.index && up:
		w.up = true
		return w.name + " is up"
	case index == w.index:
		w.up = false
		return w.name + " is down; waiting for it"
	case index == 0:
		w.index, w.up = 0, false
		return w.name + " has gone; waiting for it"
	}
	w.index, w.up = index, up
	if err := c.join(w); err != nil {
		w.index = 0 // and again at the next look
		return ""
	}
	return w.name + " is back"
}
