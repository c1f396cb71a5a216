package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/oci"
)

// pull extracts an artifact into a directory and prints what its manifest says about it.
func pull(ctx context.Context, url, dir string) error {
	metadata, err := oci.NewClient(oci.DefaultOptions()).Pull(ctx, url, dir)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(metadata)
}
