import Foundation

func port(_ text: String) -> Int? {
    guard let port = Int(text), port > 0 else { return nil }
    return port
}
