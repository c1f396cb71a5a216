package spec

// SetNamespace is what to do where nobody has said the namespace that something depends on. Kustomize applies the namespace
// of a kustomization after everything that its bases and components run.
const SetNamespace = "set the namespace in the resources, or in the kustomization whose transformers run meshfn;\n" +
	"where a kustomization above a component or base sets it, name the platform's transformer directory " +
	"under transformers of that one instead"
