package changes

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// settingOf is where a setting holds.
type settingOf struct{ subject, port, field string }

func (s settingOf) compare(t settingOf) int {
	return cmp.Or(cmp.Compare(s.subject, t.subject), cmp.Compare(s.port, t.port), cmp.Compare(s.field, t.field))
}

// settingChange is a setting that does not have the same value in both builds.
type settingChange struct {
	settingOf
	old, new *explain.Line // nil where nobody says it
}

// settings tells what is said in other words than before, and what begins or ends to hold. What follows from a setting is in
// no line, and so is not told besides it.
func (c *comparison) settings() {
	before, after := c.old.settings(), c.new.settings()
	var changed []settingChange
	for _, at := range slices.SortedFunc(maps.Keys(both(before, after)), settingOf.compare) {
		change := settingChange{at, before[at], after[at]}
		if !c.told[at.subject][existence] && holding(change.old) != holding(change.new) && !c.isTold(&change) {
			changed = append(changed, change)
		}
	}
	for from := 0; from < len(changed); {
		to := from + 1
		for to < len(changed) && changed[to].sameBlock(&changed[from]) {
			to++
		}
		c.block(changed[from:to])
		from = to
	}
}

func both(a, b map[settingOf]*explain.Line) map[settingOf]*explain.Line {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func (b *build) settings() map[settingOf]*explain.Line {
	out := make(map[settingOf]*explain.Line, len(b.Lines))
	for subject, lines := range b.lines {
		for _, line := range lines {
			out[settingOf{subject, line.Port, line.Field}] = line
		}
	}
	return out
}

// holding is the value that holds: nothing where nobody says one, or where it is skipped.
func holding(line *explain.Line) string {
	if line == nil || line.Skipped != "" {
		return ""
	}
	return line.Value
}

// isTold reports whether a setting is told by what it causes, or does not change for anybody.
func (c *comparison) isTold(change *settingChange) bool {
	told := c.told[change.subject]
	for setting := range told {
		if diag.Within(change.field, setting) {
			return true
		}
	}
	if told["built-in"] && builtIn(change.old) && builtIn(change.new) {
		return true
	}
	if c.old.meshed(change.subject) == nil || c.new.meshed(change.subject) == nil {
		return false
	}
	hosts := strings.HasPrefix(change.field, "expose.") && strings.HasSuffix(change.field, ".hosts")
	return hosts || change.field == "stage" || change.field == "dependsOn"
}

func builtIn(line *explain.Line) bool { return line == nil || line.From.Layer <= spec.BuiltIn }

func (s *settingChange) block() string {
	name, _, _ := strings.Cut(s.field, ".")
	return name
}

func (s *settingChange) sameBlock(t *settingChange) bool {
	return s.subject == t.subject && s.port == t.port && s.block() == t.block()
}

// block tells the fields of one block that change: as the one word that somebody wrote, or each on its own.
func (c *comparison) block(fields []settingChange) {
	if change, ok := asWord(fields); ok {
		c.setting(&fields[0], change)
		return
	}
	for i := range fields {
		c.setting(&fields[i], fields[i].alone())
	}
}

func (c *comparison) setting(of *settingChange, change Change) {
	change.Effect = Setting
	switch {
	case of.field == "stage":
		change.Effect = Stage
	case of.field == "callers":
		change.Effect = Access
	case of.block() == "auth" || strings.HasPrefix(of.field, "expose.") && strings.Contains(of.field, ".auth."):
		change.Effect = Auth
	}
	subject := Subject{Name: of.subject}
	if of.port != "" {
		subject.Ports = []string{of.port}
	}
	change.Subjects = []Subject{subject}
	c.found = append(c.found, change)
}

// alone is the change of one field.
func (s *settingChange) alone() Change {
	old, now := holding(s.old), holding(s.new)
	change := Change{Setting: s.field, Old: old, New: now}
	change.place(s.old, s.new)
	switch {
	case old == "" && s.old != nil && s.old.Value == now:
		change.Text = s.field + " " + shortened(now) + " holds from now on (it was skipped: " + s.old.Skipped + ")"
	case now == "" && s.new != nil:
		change.Text = s.field + " " + shortened(old) + " does not hold any more: " + s.new.Skipped
	case isList(s.field, old) || isList(s.field, now):
		change.Gained, change.Lost, change.Text = listChange(s.field, old, now)
	default:
		change.Text = setText(s.field, shown(s.old), shown(s.new))
	}
	change.Text += s.because()
	return change
}

// because is what stands behind a new value that nobody wrote as such.
func (s *settingChange) because() string {
	switch {
	case holding(s.new) == "":
		return ""
	case s.new.From.Layer == spec.BuiltIn && (!builtIn(s.old) || holding(s.old) == ""):
		return ", the built-in default"
	case strings.HasPrefix(s.new.From.Note, "preset "):
		return " (" + s.new.From.Note + ")"
	}
	return ""
}

// shown is a value as people say it.
func shown(line *explain.Line) string {
	value := holding(line)
	switch {
	case value != "" && line.From.Note == "false":
		return "off"
	case value == "0s":
		return "0s (off)"
	}
	return value
}
