// Each byte of the vector y becomes b; x is its lower half.
#define BROADCAST(b, x, y) \
	MOVL $b, AX \
	MOVQ AX, x  \
	VPBROADCASTB x, y

// The bytes that a text is compared with.
#define LOAD_BYTES \
	BROADCAST(0x20, X1, Y1) /* space */  \
	BROADCAST(0x7f, X2, Y2) /* delete */ \
	BROADCAST(0x22, X3, Y3) /* quote */  \
	BROADCAST(0x5c, X4, Y4) /* backslash */
