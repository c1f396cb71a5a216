package diag

//go:generate go run ./reference ../../..
