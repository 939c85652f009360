// Each byte of the vector y becomes b; x is its lower half.
#define BROADCAST(b, x, y) \
	MOVL $b, AX \
	VMOVQ AX, x \
	VPBROADCASTB x, y

// The bytes that a text is compared with.
#define LOAD_BYTES \
	BROADCAST(0x20, X1, Y1) /* space */  \
	BROADCAST(0x7f, X2, Y2) /* delete */ \
	BROADCAST(0x22, X3, Y3) /* quote */  \
	BROADCAST(0x5c, X4, Y4) /* backslash */

// A block into Y0, and into Y5 which of its bytes are no printable ASCII: those below a
// space, which those above ASCII are too, as the bytes have signs; and delete.
#define LOAD_BLOCK \
	VMOVDQU (SI), Y0      \
	VPCMPGTB Y0, Y1, Y5   \
	VPCMPEQB Y0, Y2, Y6   \
	VPOR Y5, Y6, Y5
