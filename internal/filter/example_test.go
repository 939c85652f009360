package filter_test

import (
	"errors"
	"fmt"

	"github.com/wsdissect/wsdissect/internal/filter"
)

func Example() {
	e, err := filter.Parse("tcp port 80 or 8080 and not host 10.0.0.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	const ethernet = 1
	p, err := e.Compile(ethernet, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e)
	fmt.Println(p.Match([]byte("no packet at all"), 16))
	// Output:
	// tcp port 80 or tcp port 8080 and not host 10.0.0.1
	// false
}

func ExampleSyntaxError_Caret() {
	_, err := filter.Parse("tcp prot 80")
	var s *filter.SyntaxError
	if errors.As(err, &s) {
		fmt.Println(s)
		fmt.Println(s.Caret())
	}
	// Output:
	// filter: syntax error at "prot"
	// tcp prot 80
	//     ^^^^
}
