import Foundation

func port(_ text: String) -> Int? {
    return Int(text)!
}
