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
	changed := false
	for _, w := range c.links {
		index, err := c.index(w.name)
		if err != nil {
			continue
		}
		if index != w.index {
			w.index = index
			changed = true
			c.moved(w)
			continue
		}
		if up := index != 0 && c.has(w.name, unix.IFF_UP); up != w.up {
			w.up = up
			if up {
				c.note(w.name + " is up")
			} else if index != 0 {
				c.note(w.name + " is down; waiting for it")
			}
		}
	}
	if changed && len(c.links) > 1 && !c.stopping.Load() {
		if err := c.filter(); err != nil {
			c.note(err.Error())
		}
	}
}

// moved takes up an interface that has come back, or tells that it has gone.
func (c *capturing) moved(w *watched) {
	if w.index == 0 {
		w.up = false
		c.note(w.name + " has gone; waiting for it")
		return
	}
	w.up = c.has(w.name, unix.IFF_UP)
	if err := c.join(w); err != nil {
		w.index = 0 // and again at the next look
		return
	}
	c.note(w.name + " is back")
}
