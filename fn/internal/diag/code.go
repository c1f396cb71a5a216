package diag

// Code is the stable name of a kind of finding. A code is never reused for another meaning.
type Code string
