import Foundation

final class Cache {
    private let lock = NSLock()
    private var values: [String: Int] = [:]

    func value(_ key: String, make: () -> Int) -> Int {
        lock.lock()
        defer { lock.unlock() }
        if let known = values[key] { return known }
        let made = make()
        values[key] = made
        return made
    }
}
