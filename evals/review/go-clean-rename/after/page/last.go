package page

func Last(entries []string) string {
	if len(entries) == 0 {
		return ""
	}
	return entries[len(entries)-1]
}
