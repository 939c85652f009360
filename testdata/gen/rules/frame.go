package main

func frames() []example {
	return nil
}
