/**
 * Groups connected identifiers and names each group after its smallest member, so that the same evidence gives the same groups and
 * names in whatever order it came. Pure. Returns the smallest member of the group of every node.
 */
export function components(nodes: Iterable<string>, edges: Iterable<readonly [string, string]>): Map<string, string> {
  const parent = new Map<string, string>();
  const find = (node: string): string => {
    let root = node;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    // Every node on the way is hung under the root, so that long chains are walked once.
    for (let next = node; next !== root; ) {
      const up = parent.get(next) ?? root;
      parent.set(next, root);
      next = up;
    }
    return root;
  };
  for (const node of nodes) parent.set(node, node);
  for (const [a, b] of edges) {
    const [rootA, rootB] = [find(a), find(b)];
    if (rootA < rootB) parent.set(rootB, rootA);
    if (rootB < rootA) parent.set(rootA, rootB);
  }
  return new Map([...parent.keys()].map((node) => [node, find(node)]));
}
