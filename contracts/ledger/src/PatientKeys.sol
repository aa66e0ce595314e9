// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ILaneWriters} from "./ILaneWriters.sol";
import {IPatientKeys} from "./IPatientKeys.sol";
import {WebAuthnDigest} from "./WebAuthnDigest.sol";

/// @title Keys with which patients sign consents themselves
/// @notice See {IPatientKeys}.
contract PatientKeys is IPatientKeys {
    struct Registration {
        bytes32 commitment;
        uint32 lane;
        bool retired;
    }

    bytes32 private constant DOMAIN = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("HRMS patient keys");
    bytes32 private constant VERSION = keccak256("1");
    bytes32 private constant CONSENT = keccak256("SignedConsent(bytes32 pseudonym,bytes32 artefact,uint64 expires)");

    /// @dev Not `immutable`: the deployed code, which installations compare by its hash, is the same for every ledger.
    ILaneWriters private _ledger;
    mapping(bytes32 pseudonym => Registration) private _registrations;

    /// @param ledger_ The ledger whose writers register keys.
    constructor(address ledger_) {
        _ledger = ILaneWriters(ledger_);
    }

    /// @inheritdoc IPatientKeys
    function register(uint32 lane, bytes32 pseudonym, bytes32 commitment) external {
        _checkWriter(lane);
        if (pseudonym == 0 || commitment == 0) revert PatientKeyMissing();
        Registration storage known = _registrations[pseudonym];
        if (known.commitment == commitment && known.lane == lane && !known.retired) return;
        if (known.commitment != 0) revert PatientKeyConflict(pseudonym);
        _registrations[pseudonym] = Registration(commitment, lane, false);
        emit PatientKeyRegistered(pseudonym, commitment);
    }

    /// @inheritdoc IPatientKeys
    function retire(bytes32 pseudonym) external {
        Registration storage known = _registrations[pseudonym];
        if (known.commitment == 0) revert PatientKeyUnknown(pseudonym);
        _checkWriter(known.lane);
        if (known.retired) return;
        known.retired = true;
        emit PatientKeyRetired(pseudonym);
    }

    /// @inheritdoc IPatientKeys
    function verifySignedConsent(SignedConsent calldata consent, PatientKey calldata key, Assertion calldata assertion)
        external
        view
        returns (bool)
    {
        Registration storage known = _registrations[consent.pseudonym];
        if (known.commitment == 0 || known.retired || block.timestamp > consent.expires) return false;
        if (commitmentOf(key) != known.commitment) return false;
        (bool wellFormed, bytes32 digest) = WebAuthnDigest.signedHash(challengeOf(consent), assertion.authenticatorData, assertion.clientData);
        return wellFormed && P256.verify(digest, assertion.r, assertion.s, key.x, key.y);
    }

    /// @inheritdoc IPatientKeys
    function challengeOf(SignedConsent calldata consent) public view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, NAME, VERSION, block.chainid, address(this)));
        bytes32 content = keccak256(abi.encode(CONSENT, consent.pseudonym, consent.artefact, consent.expires));
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    /// @inheritdoc IPatientKeys
    function commitmentOf(PatientKey calldata key) public pure returns (bytes32) {
        return keccak256(abi.encode(key.x, key.y, key.salt));
    }

    /// @inheritdoc IPatientKeys
    function registrationOf(bytes32 pseudonym) external view returns (bytes32 commitment, uint32 lane, bool retired) {
        Registration storage known = _registrations[pseudonym];
        return (known.commitment, known.lane, known.retired);
    }

    /// @inheritdoc IPatientKeys
    function ledger() external view returns (address) {
        return address(_ledger);
    }

    function _checkWriter(uint32 lane) private view {
        if (!_ledger.isWriter(lane, msg.sender)) revert PatientKeysNotWriter(lane, msg.sender);
    }
}
