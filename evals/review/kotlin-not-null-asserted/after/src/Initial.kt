package text

fun initial(name: String?): Char? = name!!.first()
