package files

import "os"

func Size(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat() // the name is known
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
