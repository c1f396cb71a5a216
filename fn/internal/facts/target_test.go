package facts

import "testing"

func TestTarget(t *testing.T) {
	workload := &Workload{Containers: []Container{
		{Image: "web", Ports: []ContainerPort{{Name: "http", Number: 8080}, {Name: "dns", Number: 53, Transport: "UDP"}, {Number: 3306}}},
		{Image: "db", Ports: []ContainerPort{{Name: "mysql", Number: 3307, Transport: "TCP"}, {Name: "dns", Number: 5353}, {Number: 80}}},
	}}
	tests := map[string]struct {
		port  Port
		want  int32
		image string
	}{
		"the same number":                    {Port{Number: 80}, 80, "db"},
		"zero is none":                       {Port{Number: 80, TargetPort: "0"}, 80, "db"},
		"a number":                           {Port{Number: 80, TargetPort: "8080"}, 8080, "web"},
		"a number that nobody lists":         {Port{Number: 80, TargetPort: "9999"}, 9999, "web"},
		"a name":                             {Port{Number: 3306, TargetPort: "mysql"}, 3307, "db"},
		"a name of this transport":           {Port{Number: 53, TargetPort: "dns"}, 5353, "db"},
		"a name of the other transport":      {Port{Number: 53, TargetPort: "dns", Transport: "UDP"}, 53, "web"},
		"a name that nobody has":             {Port{Number: 80, TargetPort: "https"}, 80, "db"},
		"a number of which one has the name": {Port{Number: 3306, TargetPort: "3306"}, 3306, "web"},
	}
	for name, test := range tests {
		got, ok := workload.Target(&test.port)
		image := workload.ImageAt(got, test.port.Transport)
		if got != test.want || image != test.image || ok == (test.port.TargetPort == "https") {
			t.Errorf("%s: %d of %s, %t, want %d of %s", name, got, image, ok, test.want, test.image)
		}
	}
	none := &Workload{}
	if got, _ := none.Target(&Port{Number: 80}); got != 80 || none.ImageAt(80, "") != "" {
		t.Errorf("no containers: %d of %q", got, none.ImageAt(80, ""))
	}
}

// TestListed finds the ports that a sidecar sees, which are those of TCP.
func TestListed(t *testing.T) {
	w := &Workload{Containers: []Container{{Ports: []ContainerPort{{Name: "dns", Number: 53, Transport: "UDP"}, {Name: "metrics", Number: 9090}}}}}
	if _, ok := w.Listed("dns"); ok || w.Lists(53) {
		t.Error("a port of UDP is listed")
	}
	if number, ok := w.Listed("metrics"); !ok || number != 9090 || !w.Lists(9090) {
		t.Errorf("metrics is %d, %t", number, ok)
	}
}
