package bank

import "sync"

type Account struct {
	mu      sync.Mutex
	balance int
}

func (a *Account) Withdraw(amount int) bool {
	a.mu.Lock()
	enough := a.balance >= amount
	a.mu.Unlock()
	if !enough {
		return false
	}
	a.balance -= amount
	return true
}
