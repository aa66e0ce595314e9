// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ILaneWriters} from "./ILaneWriters.sol";

/// @title The shared ledger of health decisions, as members of the consortium call it
/// @notice Members anchor batches of salted hashes and publish the nullifiers of revoked consents. Nothing here names a person,
/// a record or a decision: who holds an artefact (the opened event with its salt) can check it, and nobody else can read it.
/// @dev A batch is the root of a Merkle tree with sorted pairs over a power of two of leaves; a leaf is hashed twice, so that it can't
/// be taken for an inner node. Callers of the views compute the leaf from the artefact themselves and never take it from the prover.
interface IHealthLedger is ILaneWriters {
    /// @notice A batch of `lane` was anchored under `number`.
    event Committed(uint32 indexed lane, uint64 indexed number, bytes32 root);

    /// @notice `nullifier` was published: the one consent whose secret it is the hash of is revoked. It may also be padding.
    event Nullified(bytes32 indexed nullifier);

    /// @notice The lane's next batch has the number `expected`; `given` would leave a gap or is zero.
    error LedgerGap(uint32 lane, uint64 expected, uint64 given);

    /// @notice The batch is anchored with another root. A root never changes.
    error LedgerConflict(uint32 lane, uint64 number, bytes32 known, bytes32 given);

    /// @notice The root of a batch is never zero.
    error LedgerRootMissing(uint32 lane, uint64 number);

    /// @notice Anchors the next batch of a lane and publishes nullifiers with it. Only the lane's writer, and only while the lane is not paused.
    /// @dev The same number with the same root again is a quiet no-op, so that a sender may repeat itself. A nullifier that is
    /// already published stays so.
    /// @param lane Which sequence of batches.
    /// @param number One more than the lane's last; the first is 1.
    /// @param root The root of the batch's Merkle tree.
    /// @param nullifiers Hashes of the secrets of consents that are revoked, and random padding.
    function commit(uint32 lane, uint64 number, bytes32 root, bytes32[] calldata nullifiers) external;

    /// @notice The number of the lane's newest batch; zero when it has none.
    function last(uint32 lane) external view returns (uint64);

    /// @notice The root of a batch; zero when there is no such batch.
    function rootOf(uint32 lane, uint64 number) external view returns (bytes32);

    /// @notice Whether `leaf` is in the batch.
    /// @param proof The siblings from the leaf up to, and without, the root.
    function isAnchored(bytes32 leaf, bytes32[] calldata proof, uint32 lane, uint64 number) external view returns (bool);

    /// @notice Whether `nullifier` was published.
    function isRevoked(bytes32 nullifier) external view returns (bool);

    /// @notice Whether a consent holds as far as the ledger knows: its grant is anchored and it is not revoked.
    /// @dev The caller computes `leaf` and `nullifier` from the artefact. A zero nullifier belongs to no consent: the answer is no.
    function checkConsent(bytes32 leaf, bytes32[] calldata proof, uint32 lane, uint64 number, bytes32 nullifier)
        external
        view
        returns (bool);
}
