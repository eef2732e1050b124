package bank

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

class Counter {
    private val mutex = Mutex()
    private var count = 0

    suspend fun next(): Int = mutex.withLock {
        count += 1
        count
    }
}
