package item

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// deployment is what a Helm chart or a person writes: about 70 lines.
const deployment = `# The web server.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-%[1]d
  namespace: shop-%[2]d
  labels:
    app.kubernetes.io/name: web-%[1]d
    app.kubernetes.io/part-of: shop
  annotations:
    example.com/owner: "team-a" # on call
spec:
  replicas: 3
  revisionHistoryLimit: 2
  selector:
    matchLabels:
      app: web-%[1]d
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%%
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app: web-%[1]d
        version: v1
    spec:
      serviceAccountName: web-%[1]d
      containers:
      - name: web
        image: registry.example.com/shop/web:1.2.3
        args:
        - --listen=:8080
        - --log-format
        - '{"level": "info"}'
        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        - name: metrics
          containerPort: 9090
        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: LOG_LEVEL
          value: "info"
        readinessProbe:
          httpGet:
            path: /ready
            port: http
          periodSeconds: 5
        livenessProbe:
          httpGet:
            path: /live
            port: http
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {memory: 256Mi}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
        volumeMounts:
        - name: tmp
          mountPath: /tmp
      volumes:
      - name: tmp
        emptyDir: {}
`

func deployments() []byte {
	var b bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&b, "---\n"+deployment, i, i/20)
	}
	return b.Bytes()
}

func BenchmarkStreamAndIdentity(b *testing.B) {
	data := deployments()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		items, _ := Stream("all.yaml", data)
		for _, i := range items {
			if _, ok := i.Label("app.kubernetes.io/name"); !ok || i.Kind() != "Deployment" || i.Name() == "" || i.parsed != nil {
				b.Fatal("not read by its lines")
			}
		}
	}
}

// BenchmarkFullParse is the cost of the same questions through the full parser.
func BenchmarkFullParse(b *testing.B) {
	data := deployments()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		items, _ := Stream("all.yaml", data)
		for _, i := range items {
			if _, err := i.Node(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkSetLabel(b *testing.B) {
	data := deployments()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		items, _ := Stream("all.yaml", data)
		for _, i := range items {
			if err := i.SetString([]string{"spec", "template", "metadata", "labels", "sidecar.istio.io/inject"}, "true"); err != nil {
				b.Fatal(err)
			}
			if i.parsed != nil {
				b.Fatal("not edited by its lines")
			}
		}
	}
}

func BenchmarkResourceList(b *testing.B) {
	var list strings.Builder
	list.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	items, _ := Stream("", deployments())
	for _, i := range items {
		list.Write(asEntry(i.Raw(), 0))
	}
	data := []byte(list.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		l, findings := ParseResourceList(data)
		if len(findings) > 0 || len(l.Items) != 1000 || l.came == nil {
			b.Fatal(findings)
		}
		if err := l.Write(io.Discard, l.Items, nil); err != nil {
			b.Fatal(err)
		}
	}
}
