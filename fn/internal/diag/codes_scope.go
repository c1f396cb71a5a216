package diag

import "slices"

// Who sees what: ServiceEntries, Sidecars, exportTo (MF09xx).
const (
	SidecarsWithoutSelector Code = "MF0901"
	SidecarsOverlap         Code = "MF0902"
	SidecarUnselected       Code = "MF0903"
	ImportNotFound          Code = "MF0904"
	ImportNeverMatches      Code = "MF0905"
	SidecarRootSelector     Code = "MF0906"
	OutboundModeUnset       Code = "MF0907"
	ExportNamespace         Code = "MF0908"
	ImportNotExported       Code = "MF0909"
	DestinationNotExported  Code = "MF0910"
	SubsetNotExported       Code = "MF0911"
	NotImported             Code = "MF0912"
	EntryNeedsAddresses     Code = "MF0913"
	EntriesContradict       Code = "MF0914"
	EntriesRepeat           Code = "MF0915"
	EntryShadowsService     Code = "MF0916"
	EntryWithoutEndpoints   Code = "MF0917"
	EntryUnselected         Code = "MF0918"
	EntriesNeedCapture      Code = "MF0919"
	MachineNoAccount        Code = "MF0920"
	GroupsAlike             Code = "MF0921"
	Undiscovered            Code = "MF0931"
	OutboundOpened          Code = "MF0932"
)

func scopeEntries() []Entry {
	return slices.Concat(sidecarEntries(), exportEntries(), serviceEntryEntries())
}

func sidecarEntries() []Entry {
	const sidecar = "https://istio.io/latest/docs/reference/config/networking/sidecar/"
	return []Entry{
		{
			Code: SidecarsWithoutSelector, Title: "Several Sidecars for a whole namespace", Also: []string{"IST0111", "KIA0002"}, See: []string{sidecar + "#Sidecar"},
			Text: "A namespace has at most one Sidecar without a workloadSelector. Of several, Istio uses one, and the hosts of the others are missing.",
		},
		{
			Code: SidecarsOverlap, Title: "Several Sidecars for one workload", Also: []string{"IST0110", "KIA0003"}, See: []string{sidecar + "#Sidecar"},
			Text: "Two Sidecars select the same workload. Istio uses one of them, and the hosts of the other are missing.",
		},
		{
			Code: OutboundOpened, Title: "A Sidecar lets out what the mesh keeps in", See: []string{sidecar + "#OutboundTrafficPolicy"},
			Text: "The mesh lets proxies call only hosts that it knows. The outboundTrafficPolicy of a Sidecar replaces that for its " +
				"workloads, which may call anything.",
		},
		{
			Code: Undiscovered, Title: "A namespace that Istio does not see",
			Text: "The mesh's discoverySelectors leave the namespace out. Istio sees neither its Services nor the objects in it, so nothing " +
				"that is written there holds.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/#discoveryselectors"},
		},
		{
			Code: SidecarUnselected, Title: "No workload for a Sidecar", Also: []string{"IST0101", "KIA0004"}, See: []string{sidecar + "#Sidecar"},
			Text: "No workload of the namespace has the labels of the workloadSelector. The Sidecar has no effect, and the workloads it was " +
				"meant for have another scope.",
		},
		{
			Code: ImportNotFound, Title: "Imported host does not exist", Also: []string{"KIA1004"}, See: []string{sidecar + "#IstioEgressListener"},
			Text: "No Service or ServiceEntry of the build has the host. The import brings nothing, and calls to it pass the proxy by " +
				"without mutual TLS, or fail where only known hosts are allowed.",
		},
		{
			Code: ImportNeverMatches, Title: "Import that cannot match", See: []string{sidecar + "#IstioEgressListener"},
			Text: "An import is the namespace of the Service or ServiceEntry, a slash, and its full host or a wildcard around it. This one " +
				"matches nothing, so calls to the host pass the proxy by without mutual TLS, or fail where only known hosts are allowed.",
		},
		{
			Code: SidecarRootSelector, Title: "Sidecar of the root namespace with a selector", Also: []string{"KIA1006"}, See: []string{sidecar + "#Sidecar"},
			Text: "In the root namespace, a Sidecar is the default of all namespaces, and only without a workloadSelector. With one it is for " +
				"pods of the root namespace alone.",
		},
		{
			Code: OutboundModeUnset, Title: "Outbound policy without a mode", Also: []string{"KIA1007"}, See: []string{sidecar + "#OutboundTrafficPolicy"},
			Text: "An outboundTrafficPolicy without a mode is REGISTRY_ONLY, whatever the default of the mesh is. Calls to hosts that are not " +
				"in the mesh fail.",
		},
	}
}

func exportEntries() []Entry {
	const scoping = "https://istio.io/latest/docs/ops/configuration/mesh/configuration-scoping/"
	return []Entry{
		{
			Code: ExportNamespace, Title: "Namespace of exportTo not found", Also: []string{"IST0101", "KIA0005"}, See: []string{scoping},
			Text: "The build has nothing in the namespace. If the name is wrong, callers in the namespace that was meant do not see the object.",
		},
		{
			Code: ImportNotExported, Title: "Import of a host that is not exported here", See: []string{scoping},
			Text: "The Service or ServiceEntry is exported to other namespaces than that of the Sidecar. The import brings nothing.",
		},
		{
			Code: DestinationNotExported, Title: "Route to a host that callers do not see", Also: []string{"IST0101", "KIA1101"},
			See: []string{scoping},
			Text: "The destination is exported to fewer namespaces than the VirtualService. Callers that have the route and not the " +
				"destination get status 503.",
		},
		{
			Code: SubsetNotExported, Title: "Route to a subset that callers do not see", See: []string{scoping},
			Text: "The DestinationRule that has the subset is exported to fewer namespaces than the VirtualService. Callers that have the route " +
				"and not the subset get status 503.",
		},
		{
			Code: NotImported, Title: "Object that no Sidecar imports", See: []string{scoping},
			Text: "The object is for its own namespace, every workload there has a Sidecar, and none imports it. It has no effect. A " +
				"VirtualService is imported by its own namespace, which is not that of the Service.",
		},
	}
}
