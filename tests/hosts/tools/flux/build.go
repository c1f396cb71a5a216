package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/yaml"
)

// build prints what kustomize-controller applies of an artifact, for a Kustomization of Flux. The steps and their options are
// those of its own functions generate and build.
// https://github.com/fluxcd/kustomize-controller/blob/v1.9.5/internal/controller/kustomization_controller.go#L747
func build(ctx context.Context, root, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var wanted unstructured.Unstructured
	if err := yaml.Unmarshal(text, &wanted.Object); err != nil {
		return err
	}
	path, _, err := unstructured.NestedString(wanted.Object, "spec", "path")
	if err != nil {
		return err
	}
	dir := filepath.Join(root, path)
	if _, err := kustomize.NewGenerator(root, wanted).WriteFile(dir); err != nil {
		return fmt.Errorf("failed to generate kustomization.yaml: %w", err)
	}
	built, err := kustomize.SecureBuild(root, dir, true)
	if err != nil {
		return fmt.Errorf("kustomize build failed: %w", err)
	}
	if err := substitute(ctx, wanted, built); err != nil {
		return err
	}
	output, err := built.AsYaml()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(output)
	return err
}

// substitute replaces variables as spec.postBuild says. What it would read from the cluster is not there.
func substitute(ctx context.Context, wanted unstructured.Unstructured, built resmap.ResMap) error {
	_, asked, err := unstructured.NestedMap(wanted.Object, "spec", "postBuild")
	if err != nil {
		return err
	}
	strategy, _, err := unstructured.NestedString(wanted.Object, "spec", "postBuild", "substituteStrategy")
	if err != nil {
		return err
	}
	for _, one := range built.Resources() {
		if one.GetName() == "" || one.GetKind() == "" || one.GetApiVersion() == "" {
			return fmt.Errorf("failed to decode Kubernetes apiVersion, kind and name from: %v", one.String())
		}
		if !asked {
			continue
		}
		replaced, err := kustomize.SubstituteVariables(ctx, nil, wanted, one,
			kustomize.SubstituteWithDryRun(true), kustomize.SubstituteWithStrict(true), // the default of the controller
			kustomize.SubstituteWithAlways(strategy == "Always"))
		if err != nil {
			return fmt.Errorf("post build failed for %s/%s: %w", one.GetGvk(), one.GetName(), err)
		}
		if replaced != nil {
			if _, err := built.Replace(one); err != nil {
				return err
			}
		}
	}
	return nil
}
