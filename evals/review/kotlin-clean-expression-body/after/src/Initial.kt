package text

fun initial(name: String?): Char? {
    return name?.firstOrNull()
}
