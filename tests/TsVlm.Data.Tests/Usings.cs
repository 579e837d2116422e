global using TsVlm.Tests;
