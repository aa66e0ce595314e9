// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IHealthLedger} from "./IHealthLedger.sol";
import {LaneWriters} from "./LaneWriters.sol";

/// @title The shared ledger of health decisions
/// @notice See {IHealthLedger}. Sequences only grow, a root never changes, a nullifier never comes back.
contract HealthLedger is IHealthLedger, LaneWriters {
    mapping(uint256 batch => bytes32 root) private _roots;
    mapping(bytes32 nullifier => bool published) private _nullifiers;

    /// @param governor_ Who gives the lanes their keys; in a consortium, the contract of its votes.
    constructor(address governor_) LaneWriters(governor_) {}

    /// @inheritdoc IHealthLedger
    function commit(uint32 lane, uint64 number, bytes32 root, bytes32[] calldata nullifiers) external {
        uint64 newest = _lastForWriter(lane);
        if (root == 0) revert LedgerRootMissing(lane, number);
        if (number != newest + 1) return _repeat(lane, number, root, newest + 1);
        _append(lane, number, root);
        for (uint256 i = 0; i < nullifiers.length; ++i) {
            _nullify(nullifiers[i]);
        }
    }

    /// @inheritdoc IHealthLedger
    function last(uint32 lane) external view returns (uint64) {
        return _lanes[lane].last;
    }

    /// @inheritdoc IHealthLedger
    function rootOf(uint32 lane, uint64 number) external view returns (bytes32) {
        return _roots[_batch(lane, number)];
    }

    /// @inheritdoc IHealthLedger
    function isAnchored(bytes32 leaf, bytes32[] calldata proof, uint32 lane, uint64 number) public view returns (bool) {
        bytes32 root = _roots[_batch(lane, number)];
        return root != 0 && MerkleProof.verifyCalldata(proof, root, leaf);
    }

    /// @inheritdoc IHealthLedger
    function isRevoked(bytes32 nullifier) public view returns (bool) {
        return _nullifiers[nullifier];
    }

    /// @inheritdoc IHealthLedger
    function checkConsent(bytes32 leaf, bytes32[] calldata proof, uint32 lane, uint64 number, bytes32 nullifier)
        external
        view
        returns (bool)
    {
        return nullifier != 0 && isAnchored(leaf, proof, lane, number) && !isRevoked(nullifier);
    }

    /// @dev A batch that is there already is taken once more in silence; anything else is refused.
    function _repeat(uint32 lane, uint64 number, bytes32 root, uint64 next) private view {
        if (number == 0 || number > next) revert LedgerGap(lane, next, number);
        bytes32 known = _roots[_batch(lane, number)];
        if (known != root) revert LedgerConflict(lane, number, known, root);
    }

    function _append(uint32 lane, uint64 number, bytes32 root) private {
        _lanes[lane].last = number;
        _roots[_batch(lane, number)] = root;
        emit Committed(lane, number, root);
    }

    function _nullify(bytes32 nullifier) private {
        if (_nullifiers[nullifier]) return;
        _nullifiers[nullifier] = true;
        emit Nullified(nullifier);
    }

    /// @dev One key for lane and number: a mapping of mappings would hash twice.
    function _batch(uint32 lane, uint64 number) private pure returns (uint256) {
        return (uint256(lane) << 64) | number;
    }
}
