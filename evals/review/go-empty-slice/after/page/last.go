package page

func Last(items []string) string {
	return items[len(items)-1]
}
// Last is never empty.
