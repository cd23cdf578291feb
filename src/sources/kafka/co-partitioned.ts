import kafkajs from 'kafkajs'
import type { PartitionAssigner } from 'kafkajs'

const { AssignerProtocol } = kafkajs
const NAME = 'motorwatch-co-partitioned'

/** Gives a member the same partition numbers of all topics, in turn, by the members' names. */
export const coPartitioned: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: 1,
  async assign({ members, topics }) {
    const names = members.map(({ memberId }) => memberId).sort()
    const shares = new Map<string, Record<string, number[]>>(names.map((name) => [name, {}]))
    for (const topic of topics)
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const share = shares.get(names[partitionId % names.length] ?? '')
        if (share !== undefined) (share[topic] ??= []).push(partitionId)
      }
    return [...shares].map(([memberId, assignment]) => ({ memberId, memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: 1, assignment, userData: Buffer.alloc(0) }) }))
  },
  protocol: ({ topics }) => ({ name: NAME, metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }) }),
})
