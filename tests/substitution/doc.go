// Package substitution fills in variables with the library that Flux uses, and expects what a build of the filled-in documents
// gives.
package substitution
