package main

func closes() []example {
	return nil
}
