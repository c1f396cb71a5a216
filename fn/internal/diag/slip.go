package diag

// Slip reports whether a word is another one with one slip of the keyboard: a letter too many, too few, wrong, or swapped
// with its neighbour. Names such as internal and external are near each other and no slip.
func Slip(word, known string) bool { return word != known && distance(word, known) == 1 }
