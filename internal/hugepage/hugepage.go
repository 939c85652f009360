// Package hugepage has the heap in large pages, where the system gives them to those who
// ask. One of them is touched for the first time once where small ones are hundreds of
// times, which is a good part of the time of a program that needs its memory once.
package hugepage

import "runtime"

// Heap asks for large pages below the next size bytes by which the heap grows. It takes as
// much of the address space, but no memory until that is used; where Linux promises no more
// than it has, it counts as promised. What cannot be had is left as it was.
func Heap(size int) {
	if !fits(size) {
		return
	}
	advise(make([]byte, size))
	runtime.GC() // gives them back; otherwise the heap would first grow to twice as much
}
