package main

func compression() []example {
	return nil
}
