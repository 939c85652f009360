package main

func timing() []example {
	return nil
}
