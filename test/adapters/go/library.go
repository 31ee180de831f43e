// What stands for your library: a few functions of the protocol over maintained packages.
package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"filippo.io/edwards25519"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/zeebo/blake3"
)

const most, deepest = 1<<53 - 1, 32

var grammar = regexp.MustCompile(`^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$`)
var weights = map[string]int{"certificate_quality": 30, "domain_verification": 15, "organization_reputation": 20,
	"security_posture": 15, "compliance_status": 10, "historical_reliability": 10}

func hash(message []byte) string {
	sum := blake3.Sum256(message)
	return hex.EncodeToString(sum[:])
}

// canonical is RFC 8785 without null members, of text that has one meaning.
func canonical(text []byte) ([]byte, error) {
	if !jsontext.Value(text).IsValid() { // not one value, not UTF-8, or a name twice
		return nil, errRefused
	}
	var kept bytes.Buffer
	from, to := jsontext.NewDecoder(bytes.NewReader(text)), jsontext.NewEncoder(&kept)
	for {
		token, err := from.ReadToken()
		if err == io.EOF {
			value := jsontext.Value(kept.Bytes())
			return value, value.Canonicalize()
		}
		depth := from.StackDepth()
		if err != nil || depth > deepest || token.Kind() == '0' && !isExact(token) {
			return nil, errRefused
		}
		token = token.Clone() // looking further would void it
		within, count := from.StackIndex(depth)
		if within == '{' && count%2 == 1 && from.PeekKind() == 'n' { // a name, and null is absent
			err = from.SkipValue()
		} else {
			err = to.WriteToken(token)
		}
		if err != nil {
			return nil, err
		}
	}
}

// isExact tells whether the number keeps its value in a double, where there is no negative zero.
func isExact(token jsontext.Token) bool {
	value, mantissa := token.Float(), strings.FieldsFunc(token.String(), func(r rune) bool { return r|0x20 == 'e' })[0]
	return math.Abs(value) <= most && (value != 0 || !strings.ContainsAny(mantissa, "-123456789"))
}

// isLarge tells whether it is the one encoding of a point whose order is not small.
func isLarge(encoded []byte) bool {
	point, err := new(edwards25519.Point).SetBytes(encoded)
	if err != nil || !bytes.Equal(point.Bytes(), encoded) {
		return false
	}
	return point.MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 0
}

// score is in tenths, of factors in thousandths.
func score(factors map[string]int) (tenths int, err error) {
	for name, value := range factors {
		if weights[name] == 0 || value < 0 || value > 1000 {
			return 0, errRefused
		}
		tenths += weights[name] * value
	}
	return tenths / 100, nil
}

// negotiate gives the best mutual version, and whether its major is below the top of either list.
func negotiate(offered, supported []string) (string, bool, error) {
	ours, theirs := top(supported), top(offered)
	high, low := max(ours, theirs), min(ours, theirs)
	best := []int{-1, -1}
	for _, text := range offered {
		version := numbers(text)
		isSpoken := version[0] >= 0 && slices.Contains(supported, text)
		if isSpoken && version[0] >= high-1 && slices.Compare(version, best) > 0 {
			best = version
		}
	}
	if low < 0 || high-low > 1 || best[0] < 0 {
		return "", false, errRefused
	}
	return fmt.Sprintf("%d.%d", best[0], best[1]), best[0] < high, nil
}

func top(list []string) (major int) {
	major = -1
	for _, text := range list {
		major = max(major, numbers(text)[0])
	}
	return major
}

// numbers of what is no version are negative.
func numbers(text string) []int {
	version := []int{-1, -1}
	if grammar.MatchString(text) {
		fmt.Sscanf(text, "%d.%d", &version[0], &version[1])
	}
	return version
}
