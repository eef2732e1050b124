package page

func Last(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return items[len(items)-1]
}
