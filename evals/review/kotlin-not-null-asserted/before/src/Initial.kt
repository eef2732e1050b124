package text

fun initial(name: String?): Char? = name?.firstOrNull()
