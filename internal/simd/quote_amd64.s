#include "textflag.h"
#include "bytes_amd64.h"

// func quoteBlocks(dst, src *byte, n int) (written, read int)
//
// Of each block two masks are made: bytes at which to stop, and bytes that need a backslash.
// The latter are gone through bit by bit: what stands from one of them on is copied as a
// whole block, so that the next one and its backslash overwrite what is too much.
TEXT ·quoteBlocks(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	LOAD_BYTES

next:
	SUBQ $32, CX
	JLT  done
	LOAD_BLOCK
	VPCMPEQB Y0, Y3, Y6
	VPCMPEQB Y0, Y4, Y7
	VPOR Y6, Y7, Y6
	VPMOVMSKB Y5, AX         // stop
	VPMOVMSKB Y6, BX         // backslash
	VMOVDQU Y0, (DI)
	MOVL AX, DX
	ORL  BX, DX
	JNZ  special
	ADDQ $32, SI
	ADDQ $32, DI
	JMP  next

special:
	MOVL $32, R8             // bytes of the block to take
	TESTL AX, AX
	JZ   escape
	TZCNTL AX, R8
	BZHIL R8, BX, BX

escape:
	XORL R9, R9              // the byte from which on is copied
	TESTL BX, BX
	JZ   last

each:
	TZCNTL BX, DX
	BLSRL BX, BX
	VMOVDQU (SI)(R9*1), Y0
	VMOVDQU Y0, (DI)(R9*1)
	MOVB $0x5c, (DI)(DX*1)
	INCQ DI
	MOVL DX, R9
	TESTL BX, BX
	JNZ  each

last:
	VMOVDQU (SI)(R9*1), Y0
	VMOVDQU Y0, (DI)(R9*1)
	ADDQ R8, SI
	ADDQ R8, DI
	CMPL R8, $32
	JEQ  next

done:
	VZEROUPPER
	SUBQ dst+0(FP), DI
	SUBQ src+8(FP), SI
	MOVQ DI, written+24(FP)
	MOVQ SI, read+32(FP)
	RET
