package capture

// View is what is known of a capture at one point of it. It is not changed: when more is
// known, there is another one.
type View struct {
	First      int64       // time of the first packet, in nanoseconds since 1970-01-01 UTC
	Inputs     []string    // names, in the order of reading; empty before the first packet
	LinkTypes  []string    // names of those met so far
	Interfaces []Interface // those with a name met so far; PacketRef.Interface counts in it, from 1 on
}

// Interface is the name of an interface by its number in a PacketRef; "" for 0.
func (v *View) Interface(n uint16) string {
	if n == 0 || int(n) > len(v.Interfaces) {
		return ""
	}
	return v.Interfaces[n-1].Name
}

// View is what is known where the iteration stands. It is cheap, and may be kept.
func (r *Reader) View() *View {
	if v := r.view; v != nil && v.First == r.first && len(v.Inputs) == len(r.stats.Inputs) &&
		len(v.LinkTypes) == len(r.links) && len(v.Interfaces) == len(r.interfaces) {
		return v
	}
	v := &View{First: r.first, Interfaces: r.Interfaces()}
	for i := range r.stats.Inputs {
		v.Inputs = append(v.Inputs, r.stats.Inputs[i].Name)
	}
	for _, link := range r.links {
		v.LinkTypes = append(v.LinkTypes, LinkTypeName(link))
	}
	r.view = v
	return v
}
