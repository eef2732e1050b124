package store

import "errors"

func Save(write func() error) error {
	if err := write(); err != nil {
		return errors.Join(errors.New("save"), err)
	}
	return nil
}
