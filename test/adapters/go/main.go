// An adapter to copy: four categories over what stands for your library (library.go). Put your own into run.
package main

import (
	"bufio"
	"crypto/ecdh"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
)

type object map[string]any
type input struct { // of all functions that are known here
	Function, Message, Signature, Scalar, Point string
	PublicKey                                   string `json:"public_key"`
	Text                                        string `json:"json_hex"`
	Offered, Supported                          []string
	Factors                                     map[string]int
	PatternLength                               int `json:"pattern_length"`
}

var errRefused, errUnsupported = errors.New("refused"), errors.New("unsupported")

func run(category string, in input) (object, error) {
	switch category + " " + in.Function {
	case "canonical-json canonicalize":
		text, err := canonical(octets(in.Text))
		return object{"canonical_hex": hex.EncodeToString(text), "blake3": hash(text)}, err
	case "primitives blake3":
		message := octets(in.Message)
		for at := range in.PatternLength {
			message = append(message, byte(at%251))
		}
		return object{"hash": hash(message)}, nil
	case "primitives x25519":
		scalar, err := ecdh.X25519().NewPrivateKey(octets(in.Scalar))
		point, wrong := ecdh.X25519().NewPublicKey(octets(in.Point))
		if err != nil || wrong != nil {
			return nil, errRefused
		}
		shared, err := scalar.ECDH(point)
		return object{"shared_secret": hex.EncodeToString(shared)}, err
	case "primitives ed25519-verify":
		key, signature := octets(in.PublicKey), octets(in.Signature)
		isStrict := len(signature) == 64 && isLarge(key) && isLarge(signature[:32])
		if !isStrict || !ed25519.Verify(key, octets(in.Message), signature) {
			return nil, errRefused
		}
		return object{}, nil
	case "score score":
		tenths, err := score(in.Factors)
		return object{"score_tenths": tenths}, err
	case "version negotiate":
		version, isCompatibility, err := negotiate(in.Offered, in.Supported)
		return object{"version": version, "compatibility_mode": isCompatibility}, err
	}
	return nil, errUnsupported
}

func octets(text string) []byte {
	decoded, err := hex.DecodeString(text)
	if err != nil {
		panic(err) // no vector has it
	}
	return decoded
}

func answer(id int, category string, in input) object {
	output, err := run(category, in)
	switch {
	case errors.Is(err, errUnsupported):
		return object{"id": id, "unsupported": true}
	case err != nil:
		return object{"id": id, "rejected": err.Error()}
	}
	return object{"id": id, "output": output}
}

func main() {
	lines, answers := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var question struct {
			ID             int
			Verb, Category string
			Input          input
		}
		_ = json.Unmarshal(line, &question) // an input of another shape is one of a function not known here
		if question.Verb == "hello" {
			answers.Encode(object{"id": question.ID, "name": "Go libraries", "version": "1", "language": "Go"})
		} else {
			answers.Encode(answer(question.ID, question.Category, question.Input))
		}
	}
}
