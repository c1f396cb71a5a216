package propose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// address is a host that a text names.
type address struct {
	scheme string // "" where the text has none
	host   string // in lower case
	port   int    // 0 where the text has none
	sure   bool   // it is an address for certain: by its scheme, or by the name of the variable
	alone  bool   // there is nothing else in the text that could be misread
}

var (
	listed   = regexp.MustCompile(`,\s*([A-Za-z][A-Za-z0-9+.-]*://)`)
	url      = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://([^\s"'<>;|)\]}]*)`)
	hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	pair     = regexp.MustCompile(`(?:^|[;\s])([A-Za-z][A-Za-z ]*?)\s*=\s*([^;\s]*)`)
)

// maxText bounds how much of one text is read. An address comes early in a value, and nobody writes a larger file by hand.
const maxText = 1 << 20

// addresses are the hosts that a text names.
func addresses(t text) []address {
	if confidential(t.name) {
		return nil
	}
	value := strings.TrimSpace(t.value[:min(len(t.value), maxText)])
	var out []address
	value = listed.ReplaceAllString(value, " $1")
	for _, found := range url.FindAllStringSubmatch(value, -1) {
		out = append(out, ofURL(strings.ToLower(found[1]), found[2])...)
	}
	rest := url.ReplaceAllString(value, " ")
	if pairs := pair.FindAllStringSubmatch(rest, -1); len(pairs) > 0 && !strings.HasPrefix(rest, "-") {
		return append(out, ofPairs(pairs)...) // host=db port=5432, where every other word may be a password
	}
	return append(out, ofTokens(t, rest)...)
}

// ofTokens reads words. A mere word is an address only where the name of the variable says so, and nothing else is in the
// text than further ones.
func ofTokens(t text, rest string) []address {
	var out []address
	tokens := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;\"'()<>[]{}|=&`", r) })
	alone := len(tokens) == 1 || len(tokens) > 1 && strings.Contains(rest, ",") && !strings.ContainsAny(strings.ReplaceAll(rest, ", ", ","), " \t\n")
	for _, token := range tokens {
		if found, ok := ofToken(token); ok {
			found.sure, found.alone = addressLike(t.name), alone
			if found.port == 0 && len(tokens) == 1 {
				found.port, _ = strconv.Atoi(t.port)
			}
			out = append(out, found)
		}
	}
	return slices.DeleteFunc(out, func(a address) bool {
		certain := a.scheme != "" || a.port != 0 || strings.Contains(a.host, ".svc")
		return !certain && (!a.sure || !a.alone)
	})
}

// ofURL reads what follows a scheme. It can hold a user with a password, several hosts, or nothing but a name to look up.
func ofURL(scheme, rest string) []address {
	switch scheme {
	case "file", "unix", "s3", "gs", "arn", "data", "classpath", "oci", "udp":
		return nil
	case "dns", "xds", "passthrough": // The names of gRPC: dns:///cart:9000
		rest = rest[strings.LastIndex(rest, "/")+1:]
		scheme = "grpc"
	}
	authority, _, _ := strings.Cut(rest, "/")
	authority, _, _ = strings.Cut(authority, "?")
	authority, _, _ = strings.Cut(authority, "#")
	if at := strings.LastIndex(authority, "@"); at >= 0 || strings.Contains(authority, ":") && !hostAndPort.MatchString(authority) {
		path, _, _ := strings.Cut(rest, "?")
		if last := strings.LastIndex(path, "@"); last > at { // A password with a slash in it.
			authority, _, _ = strings.Cut(path[last+1:], "/")
		} else {
			authority = authority[at+1:]
		}
	}
	var out []address
	for each := range strings.SplitSeq(authority, ",") {
		if found, ok := hostPort(each); ok {
			found.scheme, found.sure, found.alone = scheme, true, true
			out = append(out, found)
		}
	}
	return out
}

var hostAndPort = regexp.MustCompile(`^[^:]*:[0-9]+(,|$)`)

// ofPairs reads a connection string.
func ofPairs(pairs [][]string) []address {
	var host, port string
	for _, found := range pairs {
		switch strings.ToLower(strings.TrimSpace(found[1])) {
		case "host", "hostaddr", "server", "data source", "addr", "address":
			host = strings.TrimPrefix(found[2], "tcp:")
		case "port":
			port = found[2]
		}
	}
	var out []address
	for each := range strings.SplitSeq(host, ",") {
		if found, ok := hostPort(each); ok {
			if found.port == 0 {
				found.port, _ = strconv.Atoi(port)
			}
			found.sure, found.alone = true, true
			out = append(out, found)
		}
	}
	return out
}

// ofToken reads host, host:port or host:port/path. What has a user is an address only with a port: else it is for mail.
func ofToken(token string) (address, bool) {
	token = strings.TrimRight(token, ".")
	before, _, _ := strings.Cut(token, "/")
	user := strings.LastIndex(before, "@")
	found, ok := hostPort(before[user+1:])
	if user >= 0 && found.port == 0 || before != token && found.port == 0 && !strings.Contains(before, ".svc") {
		return address{}, false
	}
	return found, ok
}

// hostPort reads a host with, if it has one, its port. An address of numbers names nobody.
func hostPort(word string) (address, bool) {
	host, portText, has := strings.Cut(strings.ToLower(word), ":")
	host = strings.TrimSuffix(host, ".")
	port := 0
	if has {
		number, err := strconv.Atoi(portText)
		if err != nil || number < 1 || number > 65535 {
			return address{}, false
		}
		port = number
	}
	if len(host) > 253 || !hostName.MatchString(host) || !strings.ContainsAny(host, "abcdefghijklmnopqrstuvwxyz") {
		return address{}, false
	}
	return address{host: host, port: port}, true
}
