// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Keys with which patients sign consents themselves
/// @notice Optional. A patient's passkey (P-256, WebAuthn) is registered under a pseudonym: 32 random bytes, new for each registration, that
/// nothing links to a person or to another registration. Not the key but a salted hash of it is stored, so the chain alone tells nothing, and
/// once the salt is destroyed the entry is a number without a meaning.
/// @dev The passkey is one for signing consents and nothing else. An authenticator shows its user a relying party and not what is signed, so
/// whoever could ask the patient to log in with the same key could have a consent signed in the guise of a log-in.
interface IPatientKeys {
    /// @notice What the patient signs.
    /// @param pseudonym The registration's.
    /// @param artefact The keccak256 of the consent's canonical bytes.
    /// @param expires Until when (seconds since 1970) the signature is good, that second included.
    struct SignedConsent {
        bytes32 pseudonym;
        bytes32 artefact;
        uint64 expires;
    }

    /// @notice The key that a registration stands for: its two coordinates and the salt they are hidden with.
    struct PatientKey {
        bytes32 x;
        bytes32 y;
        bytes32 salt;
    }

    /// @notice What the authenticator answered (WebAuthn level 2, section 5.2.2), with the signature as two numbers.
    /// @param s The lower of the two values: when it is above half of the curve's order, the order minus it.
    struct Assertion {
        bytes authenticatorData;
        bytes clientData;
        bytes32 r;
        bytes32 s;
    }

    /// @notice A key was registered.
    event PatientKeyRegistered(bytes32 indexed pseudonym, bytes32 commitment);

    /// @notice The key is good for nothing from now on.
    event PatientKeyRetired(bytes32 indexed pseudonym);

    /// @notice `account` doesn't write to `lane` of the ledger, or the registration is another lane's.
    error PatientKeysNotWriter(uint32 lane, address account);

    /// @notice The pseudonym has another registration, or one that is retired. It never gets a second.
    error PatientKeyConflict(bytes32 pseudonym);

    /// @notice Pseudonym or commitment is zero.
    error PatientKeyMissing();

    /// @notice The pseudonym has no registration.
    error PatientKeyUnknown(bytes32 pseudonym);

    /// @notice Registers a key. Only a writer of `lane`, for a patient it serves. The same again changes nothing.
    /// @param commitment What {commitmentOf} gives.
    function register(uint32 lane, bytes32 pseudonym, bytes32 commitment) external;

    /// @notice Ends a registration for good: a lost or stolen passkey. Only a writer of the lane that registered it. The same again changes nothing.
    function retire(bytes32 pseudonym) external;

    /// @notice Whether the patient's key, registered and not retired, signed this consent for this contract on this chain, verified its
    /// user, and the signature has not expired. Says nothing about revocation: ask the ledger's `checkConsent` as well.
    /// @dev Called by `eth_call`. Where the chain has no precompile for P-256, it computes the signature itself.
    function verifySignedConsent(SignedConsent calldata consent, PatientKey calldata key, Assertion calldata assertion)
        external
        view
        returns (bool);

    /// @notice The 32 bytes to hand the authenticator as challenge: the EIP-712 hash of the consent, bound to this contract and chain.
    function challengeOf(SignedConsent calldata consent) external view returns (bytes32);

    /// @notice What is stored of a key: the keccak256 of coordinates and salt.
    function commitmentOf(PatientKey calldata key) external pure returns (bytes32);

    /// @notice A registration: its commitment (zero when there is none), lane, and whether it is retired.
    function registrationOf(bytes32 pseudonym) external view returns (bytes32 commitment, uint32 lane, bool retired);

    /// @notice The ledger whose writers register keys.
    function ledger() external view returns (address);
}
