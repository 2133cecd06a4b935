// The eight kernels of benchmarks/sandbox. Each takes the size of its work and returns a checksum. Built by build.sh.
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define KERNEL(name) __attribute__((export_name(#name))) u32 name(u32 n)

static u32 seed;
static u32 next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

// Small recursive calls.
static __attribute__((noinline)) u32 fib_of(u32 n) { return n < 2 ? n : fib_of(n - 1) + fib_of(n - 2); }
KERNEL(fib) { return fib_of(n); }

// Tight loops over bytes.
static u8 composite[1 << 20];
KERNEL(sieve) {
  u32 count = 0;
  u32 limit = 1 << 20;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < limit; i++) composite[i] = 0;
    count = 0;
    for (u32 i = 2; i < limit; i++) {
      if (composite[i]) continue;
      count++;
      for (u32 j = i + i; j < limit; j += i) composite[j] = 1;
    }
  }
  return count;
}

// Floating point in nested loops.
static double left[128][128], right[128][128], product[128][128];
KERNEL(matmul) {
  for (u32 i = 0; i < 128; i++)
    for (u32 j = 0; j < 128; j++) {
      left[i][j] = (double)(i * j % 7) + 0.5;
      right[i][j] = (double)(i + j) / 3.0;
    }
  for (u32 round = 0; round < n; round++)
    for (u32 i = 0; i < 128; i++)
      for (u32 j = 0; j < 128; j++) {
        double sum = 0;
        for (u32 k = 0; k < 128; k++) sum += left[i][k] * right[k][j];
        product[i][j] = sum;
      }
  return (u32)product[17][93];
}

// Straight-line integer code in a loop: the SHA-256 compression function over its own output.
static u32 rotate(u32 x, u32 by) { return (x >> by) | (x << (32 - by)); }
KERNEL(sha256) {
  u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  u32 w[64];
  for (u32 block = 0; block < n; block++) {
    for (u32 i = 0; i < 16; i++) w[i] = h[i & 7] + block + i;
    for (u32 i = 16; i < 64; i++) {
      u32 s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
      u32 s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    u32 a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (u32 i = 0; i < 64; i++) {
      u32 t1 = k + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + 0x428a2f98u * (i + 1) + w[i];
      u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      k = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
  }
  return h[0];
}

// Branches that cannot be predicted, and recursion.
static u32 numbers[1 << 17];
static void sort_range(u32 *v, int low, int high) {
  while (low < high) {
    u32 pivot = v[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i <= j) {
        u32 t = v[i];
        v[i] = v[j];
        v[j] = t;
        i++;
        j--;
      }
    }
    if (j - low < high - i) {
      sort_range(v, low, j);
      low = i;
    } else {
      sort_range(v, i, high);
      high = j;
    }
  }
}
KERNEL(qsort) {
  u32 size = 1 << 17;
  seed = 2463534242u;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < size; i++) numbers[i] = next_random();
    sort_range(numbers, 0, (int)size - 1);
  }
  return numbers[size / 3];
}

// Scattered memory and short loops: a hash table with open addressing.
static u32 keys[1 << 16], values[1 << 16];
KERNEL(hashtable) {
  u32 mask = (1 << 16) - 1;
  u32 hits = 0;
  for (u32 i = 0; i <= mask; i++) keys[i] = 0;
  seed = 88172645u;
  for (u32 i = 0; i < n; i++) {
    u32 key = (next_random() & 0x7fff) + 1;
    u32 at = (key * 2654435761u) & mask;
    while (keys[at] != 0 && keys[at] != key) at = (at + 1) & mask;
    if (keys[at] == key) hits += ++values[at];
    else {
      keys[at] = key;
      values[at] = 1;
    }
  }
  return hits;
}

// A switch in a loop: a bytecode machine that adds up odd numbers.
KERNEL(interpreter) {
  static const u8 program[] = {0, 1, 2, 4, 3, 5, 6, 7, 8};
  u32 pc = 0, sum = 0, i = 0, temporary = 0, odd = 0;
  for (;;) {
    switch (program[pc++]) {
      case 0: i = 0; break;
      case 1: sum = 0; break;
      case 2: temporary = i * 3; break;
      case 3: if (!odd) pc++; break;
      case 4: odd = temporary & 1; break;
      case 5: sum += temporary; break;
      case 6: i++; break;
      case 7: if (i < n) pc = 2; break;
      default: return sum;
    }
  }
}

// Calls through a table.
typedef u32 (*operation)(u32);
static u32 op_add(u32 x) { return x + 7; }
static u32 op_mix(u32 x) { return x ^ (x << 5); }
static u32 op_turn(u32 x) { return rotate(x, 9); }
static u32 op_scale(u32 x) { return x * 3 + 1; }
static operation volatile operations[4] = {op_add, op_mix, op_turn, op_scale};
KERNEL(indirect) {
  u32 x = 1;
  for (u32 i = 0; i < n; i++) x = operations[i & 3](x);
  return x;
}

void *memset(void *target, int value, unsigned long size) {
  volatile u8 *bytes = target;
  for (unsigned long i = 0; i < size; i++) bytes[i] = (u8)value;
  return target;
}
