package store

func Save(write func() error) error {
	_ = write()
	return nil
}
