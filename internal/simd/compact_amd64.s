#include "textflag.h"
#include "bytes_amd64.h"

// func compactAVX2(text *byte, n int) (read int, inside bool)
//
// The bits of a block that are inside strings, the opening quotes included, are the sums
// modulo 2 of the quotes up to each of them.
TEXT ·compactAVX2(SB), NOSPLIT, $0-25
	MOVQ text+0(FP), SI
	MOVQ n+8(FP), CX
	LOAD_BYTES
	XORL R8, R8              // all ones inside a string

next:
	SUBQ $32, CX
	JLT  done
	LOAD_BLOCK
	VPCMPEQB Y0, Y4, Y6
	VPOR Y5, Y6, Y5
	VPCMPEQB Y0, Y3, Y6
	VPCMPEQB Y0, Y1, Y7
	VPMOVMSKB Y5, AX         // refused anywhere
	VPMOVMSKB Y6, BX         // quotes
	VPMOVMSKB Y7, DX         // spaces
	MOVL BX, R9
	SHLL $1, R9
	XORL R9, BX
	MOVL BX, R9
	SHLL $2, R9
	XORL R9, BX
	MOVL BX, R9
	SHLL $4, R9
	XORL R9, BX
	MOVL BX, R9
	SHLL $8, R9
	XORL R9, BX
	MOVL BX, R9
	SHLL $16, R9
	XORL R9, BX
	XORL R8, BX              // inside
	ANDNL DX, BX, R9         // spaces that are not
	ORL  AX, R9
	JNZ  done
	MOVL BX, R8
	SARL $31, R8
	ADDQ $32, SI
	JMP  next

done:
	VZEROUPPER
	SUBQ text+0(FP), SI
	MOVQ SI, read+16(FP)
	ANDL $1, R8
	MOVB R8, inside+24(FP)
	RET
