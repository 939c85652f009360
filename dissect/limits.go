package dissect

import "github.com/wsdissect/wsdissect/rules"

// limitCounts count how often limits were reached, as far as anomalies tell.
type limitCounts struct{ head, held int64 }

func (c *limitCounts) anomaly(id rules.ID) {
	switch id {
	case rules.LimitHeadSize:
		c.head++
	case rules.LimitHeldBytes:
		c.held++
	}
}

// reached lists the limits that were reached. Those on IP fragments, only the source of the
// packets knows.
func (d *Dissector) reached() []Count {
	st := d.asm.Stats()
	var out []Count
	for _, c := range []Count{
		{"connections", st.Evicted},
		{"pending bytes", st.Limited},
		{"head size", d.limits.head},
		{"held bytes", d.limits.held},
		{"message size", d.summary.Incomplete[WhyTruncated]},
		{"inflated size", d.summary.Incomplete[WhyInflated]},
	} {
		if c.N > 0 {
			out = append(out, c)
		}
	}
	return out
}
