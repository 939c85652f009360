package main

func messages() []example {
	return nil
}
