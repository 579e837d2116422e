namespace TsVlm.Contracts;

/// <summary>What people read of an exception.</summary>
public static class ErrorText
{
    /// <summary>The message of an error written for people; of any other error, its type and message.</summary>
    public static string Of(Exception error) => error is IUserFacingError ? error.Message : $"{error.GetType().Name}: {error.Message}";
}
