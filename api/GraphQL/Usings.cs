// Both graphql-dotnet and Orleans have an attribute of this name; at this edge it is GraphQL's ID type that is meant.
global using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
global using IdAttribute = GraphQL.IdAttribute;
