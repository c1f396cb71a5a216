package istio

import "flag"

// update makes the tests rewrite what is generated.
var update = flag.Bool("update", false, "rewrite what is generated")
